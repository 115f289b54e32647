"""Words that invented residents of South Sulawesi and Java are named with, commonest first. No list of real people stands behind them."""

from __future__ import annotations

MEN = (
    "Muhammad Abdul Ahmad Andi Agus Rahman Hasan Ibrahim Yusuf Ismail Amir Usman Umar Ali Hamzah Syamsuddin Baharuddin Kamaruddin "
    "Nasruddin Jamaluddin Burhanuddin Sirajuddin Syarifuddin Saharuddin Muhtar Rusli Ramli Basri Anwar Arifin Rahmat Hidayat "
    "Herman Hendra Irwan Irfan Iwan Budi Bambang Slamet Sutrisno Suparman Suryadi Supardi Joko Eko Dwi Tri Wahyu Rizki Fajar "
    "Ilham Akbar Aditya Dimas Fadli Fadil Fauzan Fauzi Farhan Hasanuddin Mansyur Mustafa Mustari Nurdin Nasir Natsir Rauf Razak "
    "Sabir Salim Saleh Sudirman Sulaiman Sultan Supriadi Syahrir Syahrul Takdir Tahir Taufik Wawan Yunus Zainal Zainuddin Zulkifli "
    "Mappa Massa Ambo Baso Beddu Lauddin Sangkala Tajuddin Ridwan Rustam Safri Samsul Arman Asrul Aswar Azis Bakri Dahlan Darwis "
    "Edi Firman Gunawan Hamid Haris Haeruddin Idris Imran Jufri Junaedi Kahar Kadir Lukman Makmur Malik Marzuki Mulyadi Muliadi "
    "Munir Musa Muslimin Nurhadi Hariadi Hartono Sugeng Sugiarto Suharto Sumarno Suroso Triyono Wagiman Wibowo Yanto Yohanes"
).split()
WOMEN = (
    "Siti Nur Sri Andi Dewi Aminah Aisyah Fatimah Hasnah Halimah Rahmawati Nurhayati Nurjannah Nuraeni Nurhaeda Nurlina Nurbaya "
    "Nurmiati Nursiah Rosdiana Rosmini Rostina Ratna Rina Rini Rahma Ramlah Raodah Rabiah Hasniati Haslinda Hamsinah Hadijah "
    "Hafsah Hariani Herlina Indah Intan Irma Irmawati Jumriah Jumiati Kartini Kasmawati Kurniati Lina Linda Lestari Marwah "
    "Mardiana Marlina Mariana Maryam Megawati Mirna Mulyani Murni Mustika Nadia Nirwana Novita Puspita Putri Ria Risma Riska "
    "Rusmiati Sabariah Salma Salmah Salmiah Saripah Sarinah Satriani Sinar Sitti Sukmawati Suriani Suryani Sulastri Sumarni "
    "Sumiati Syamsiah Syahribulan Tenri Besse Titin Tini Wahyuni Wati Wulandari Yuliana Yuliati Yunita Zahra Zubaedah Zulaeha "
    "Ayu Ani Anita Asriani Asni Atika Darmawati Dahlia Diana Dwi Eka Endang Erna Ernawati Fitriani Fitri Hikmah Hilda Ida "
    "Ismawati Sutini Suwarni Ngatini Poniyem Sugiyanti Tumini Wiwik Yanti"
).split()
LAST = (
    "Rahman Saputra Putra Pratama Hidayat Ramadhan Syam Amir Hamid Akbar Ali Salam Karim Rahim Basir Latif Wahid Halim Kadir "
    "Gaffar Jabbar Majid Hakim Ibrahim Arif Syukur Tahir Sakti Alamsyah Firmansyah Kurniawan Setiawan Gunawan Susanto Wijaya "
    "Nugroho Santoso Hasan Husain Mappasomba Mallarangan Patunru Tompo Situru Manurung Siregar Sampara Lallo Paturusi Mattalatta"
).split()
LAST_WOMEN = (
    "Rahmawati Lestari Putri Sari Ningsih Wulandari Handayani Ramadhani Maharani Anggraeni Safitri Amalia Azizah Khadijah "
    "Rahma Fitri Hasanah Indriani Wahyuni Astuti Utami Pertiwi Kusuma Dewi Aulia Salsabila Natasya Ramlah Syam Amir Hamid Basir"
).split()
NICK = (
    "Sikki Ngalle Situju Rapi Nai Kanang Tayang Tompo Sibali Ngasa Rate Bani Lau Tarring Caya Lurang Nojeng Sirua Mangka"
).split()
PLACES = (
    "Bantaeng Bulukumba Jeneponto Makassar Gowa Takalar Sinjai Selayar Bone Maros Pangkep Mamuju Majene Surakarta Malang Kendari"
).split()
STREETS = (
    "Mawar Melati Kenanga Pahlawan Merdeka Sudirman Pemuda Bolu Elang Raya Poros Pasar Mesjid Kartini Andi Mannappiang Cendana "
    "Lanto Sungai Nelayan Tanete Lembang Bonto Rappoa Kayu Loe Kampala Borong Banyorang"
).split()
TITLES_MEN = ("H.", "Drs.", "Ir.", "Bapak", "Pak", "Alm.", "H", "Ust.")
TITLES_WOMEN = ("Hj.", "Dra.", "Ibu", "Ny.", "Hj", "Hajjah")
DEGREES = (", S.Pd", ", SE", ", S.Sos", ", A.Md.Keb", " S.Pd.", ", SH", ", S.Ag., M.Pd")
